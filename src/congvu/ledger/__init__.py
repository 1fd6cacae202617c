"""Append-only evidence (vi: sổ chứng cứ; kk: дәлелдер журналы): entries, checkpoints, proofs, readers. C2SP tlog-tiles, RFC 6962."""
