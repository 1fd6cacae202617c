"""What keeps machines from flooding the public forms (vi: chống gửi tự động; kk: автоматты жіберуден қорғау)."""
