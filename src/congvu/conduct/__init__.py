"""Findings that people decide (vi: thi hành công vụ; kk: қызметтік әдеп): reply, excuse, confirm; never content."""
