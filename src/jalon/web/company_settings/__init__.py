"""The company's settings: read by everybody who may, changed by whoever may."""
