"""Append-only evidence (vi: sổ chứng cứ; kk: дәлелдер журналы): entries, checkpoints, proofs. C2SP tlog-tiles."""
