"""What the profile's commands say, one file per noun."""
