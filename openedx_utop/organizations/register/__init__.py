"""The public registers of companies: how they are asked, and how their answers are read."""
