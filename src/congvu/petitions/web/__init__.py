"""Pages of petitions: officials work here, citizens ask and follow (vi: trang; kk: беттер)."""
