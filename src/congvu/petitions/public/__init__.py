"""What everyone may see of petitions, frozen: the only rooms that the portal enters."""
