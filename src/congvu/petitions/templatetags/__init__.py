"""Words of petitions on pages (vi: thẻ mẫu; kk: үлгі тегтері)."""
