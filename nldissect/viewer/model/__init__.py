"""What the screen shows, without the screen."""
