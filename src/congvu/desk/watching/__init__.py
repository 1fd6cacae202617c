"""Seeing that the evidence holds (vi: giám sát chứng cứ; kk: дәлелдерді бақылау): facts, incidents, alarms."""
