"""Which drivers a KPI has, and the lever each leads to: data, one TOML file per KPI."""
