"""What her rights change for those who received: a correction reaches them, a limitation closes, a dissent comes back."""
