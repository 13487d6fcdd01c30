"""The page that says how to ask the API; its view is the API's own."""
