"""The public face (vi: cổng thông tin; kk: портал): rule books in reading form, check of receipts."""
