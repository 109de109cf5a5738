"""A platform under load whose processes are killed at random: what it acknowledged must still be there."""
