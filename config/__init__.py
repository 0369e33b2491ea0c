"""The house: settings, doors, health, and the launcher of the bundled PostgreSQL and Redis."""
