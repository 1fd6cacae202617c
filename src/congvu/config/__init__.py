"""Settings and urls (vi: cấu hình; kk: баптаулар): the only place that knows everything."""
