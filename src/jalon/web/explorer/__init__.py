"""The KPI explorer: any KPI, cut, filtered, compared, drawn, exported, explained."""
