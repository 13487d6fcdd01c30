"""From the KPI algebra to one SQL tree that only adds and counts."""
