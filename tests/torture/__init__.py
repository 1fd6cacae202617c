"""What must hold when everything goes wrong: killed processes, full disks, clocks that jump, hostile dialogues."""
