"""The KPI catalogue: shelves, one page a KPI, and the company's own KPIs by form."""
