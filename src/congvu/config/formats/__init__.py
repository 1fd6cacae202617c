"""How days, hours and numbers are written where Django's own forms are not those of official writing."""
