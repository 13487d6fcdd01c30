"""A SQL database (PostgreSQL, MySQL, MariaDB, SQLite): tables read by their cursors."""
