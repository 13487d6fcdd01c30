"""Vendors of our own making: real HTTP servers on loopback, with faults on purpose."""
