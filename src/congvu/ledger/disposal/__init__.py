"""Lawful destruction of records and holds on them (vi: tiêu hủy hồ sơ; kk: жазбаларды жою). ISO 15489-1, 9.9."""
