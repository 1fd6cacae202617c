"""Commands about petitions, for whoever runs the machine (vi: lệnh; kk: командалар)."""
