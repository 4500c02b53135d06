"""What every service shares. Knows nothing of conflicts."""
