"""Real mail of other people: imported, fed through the door, and then read, searched and proven, message by message."""
