"""HubSpot: companies, contacts, deals with their history, activities, tickets."""
