"""Why an objective is off: drivers, who and where, and the lever of each."""
