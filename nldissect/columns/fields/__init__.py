"""Fields that a filter can name: those of tables, and derived ones."""
