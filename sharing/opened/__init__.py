"""Who opened this file: the page of those who follow it, and the paper that the person is handed."""
