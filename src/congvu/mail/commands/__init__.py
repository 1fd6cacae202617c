"""What an administrator commands about mail to others (vi: lệnh quản trị thư; kk: пошта командалары)."""
