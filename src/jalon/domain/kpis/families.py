"""The shelves of the catalogue: a delivered KPI stands on one, own ones on theirs."""

from __future__ import annotations

OWN = "own"
FAMILIES: dict[str, tuple[str, ...]] = {
    "revenue": (
        *("revenue", "revenue_growth", "gross_margin", "gross_margin_rate"),
        *("revenue_share", "average_basket", "revenue_per_customer", "units_sold"),
        *("market_share", "expansion_revenue"),
    ),
    "prospecting": (
        *("leads", "marketing_qualified_leads", "qualified_leads"),
        *("qualification_rate", "mql_to_sql_rate", "lead_conversion_rate"),
        *("prospects_contacted", "calls", "meetings", "proposals"),
        *("web_conversion_rate", "cost_per_lead", "marketing_roi"),
    ),
    "closing": (
        *("deals_won", "win_rate", "win_rate_amount", "stage_conversion_rate"),
        *("sales_cycle_days", "sales_velocity", "interactions_before_win"),
        *("open_pipeline", "pipeline_value", "coverage", "forecast_accuracy"),
    ),
    "customers": (
        *("new_customers", "active_customers", "returning_customers", "cac"),
        *("cac_payback_months", "ltv", "ltv_cac_ratio", "repeat_purchase_rate"),
        *("offer_adoption_rate", "upsell_rate"),
    ),
    "retention": (
        *("retention_rate", "churn_rate", "nrr", "grr", "renewal_rate"),
        *("subscription_months", "mrr", "arr", "mrr_new", "mrr_expansion"),
        *("mrr_contraction", "mrr_churn", "mrr_churn_gross", "mrr_reactivation"),
    ),
    "satisfaction": ("nps", "csat", "recommendation_rate", "complaint_rate"),
    "team": (
        *("attainment_rate", "crm_adoption", "rep_retention_rate"),
        *("team_engagement", "graded_statement"),
    ),
}


def family_of(key: str) -> str:
    """Return the shelf of a KPI, `own` where it is none of the delivered ones."""
    return next((name for name, keys in FAMILIES.items() if key in keys), OWN)
