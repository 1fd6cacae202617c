"""Who cosigns our checkpoints (vi: việc chứng kiến; kk: куәландыру). C2SP tlog-cosignature, tlog-policy."""
