"""The first screen, drawn before the application has loaded."""
