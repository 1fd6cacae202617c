"""What templates of the portal say in words."""
