"""What forecasts were worth: of the "70 %" said, how many came true."""
