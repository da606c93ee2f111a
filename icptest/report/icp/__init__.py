"""Pages and JSON of the profile's commands, one file per command."""
