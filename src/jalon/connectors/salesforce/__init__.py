"""Salesforce: accounts, leads, opportunities with their history, tasks, cases."""
