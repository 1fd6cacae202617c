"""Meetings by mail (vi: lời mời họp; kk: жиналысқа шақыру): read, answered, sent and listed. RFC 5545, 5546, 6047."""
