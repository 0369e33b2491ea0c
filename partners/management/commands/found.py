"""`manage.py found`: the first institution, who tends its directory and who protects its data, in an empty database."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from partners import clock
from partners.accounts import founding, letters
from partners.accounts.posts import Post
from partners.tending import DirectoryError

HOUSE = {
    "name": "Name of the institution",
    "kind": "What it is (« Service social départemental »)",
    "city": "City",
}
PERSON = {"first_name": "First name", "last_name": "Last name", "email": "Her own e-mail address"}
OPTIONAL = {"city"}
NEXT = """
What comes next:
  1. Each of them opens her link, chooses her password, then sets up her second factor.
  2. Each checks the proof of the other's secrecy status: Directory, Members. No case can be opened before that.
  3. She who tends the directory invites the team leads, who invite their own teams.
  4. Keep the trail's keys apart and plan the backups: docs/operations.md.
A link serves once, within seven days. Lost, or too late? `manage.py found --again` makes new ones.
"""


class Command(BaseCommand):
    help = (
        "Makes the first institution and invites who tends its directory and who protects its data. Refuses where one exists."
        " Without arguments, asks."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        for field, label in HOUSE.items():
            parser.add_argument(f"--{field}", help=label)
        parser.add_argument("--siret", default="", help="The establishment's number, fourteen digits (optional)")
        for who, label in (("admin", "who tends the directory"), ("dpo", "who protects the data")):
            for field, text in PERSON.items():
                parser.add_argument(f"--{who}-{field.replace('_', '-')}", help=f"{text}: {label}")
        parser.add_argument("--admin-job", default="Responsable de l’annuaire", help="Her job title")
        parser.add_argument("--dpo-job", default="Déléguée à la protection des données", help="Her job title")
        parser.add_argument("--admin-role", default="institution", help="A code of rulebook/roles.yaml")
        parser.add_argument("--dpo-role", default="responsable_traitement", help="A code of rulebook/roles.yaml")
        parser.add_argument(
            "--same-person", metavar="WHY", default="", help="One person is both; say why, in a sentence"
        )
        parser.add_argument(
            "--no-mail", action="store_true", help="Send no letter: hand the printed links over yourself"
        )
        parser.add_argument(
            "--again", action="store_true", help="New links for those of the first start who did not accept"
        )
        parser.add_argument("--code", action="store_true", help="Only print the one-time code of /premier-demarrage/")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["again"]:
            self._again(mail=not options["no_mail"])
            return
        if founding.is_founded():
            raise CommandError(
                "An institution exists already: nothing was made. People are invited from its members' page;"
                " --again makes new links for those of the first start who did not accept."
            )
        if options["code"]:
            self.stdout.write(founding.code(clock.now()))
            return
        house = founding.House(
            **{field: self._told(options, field, label) for field, label in HOUSE.items()}, siret=options["siret"]
        )
        administrator = self._person(options, "admin", "Who tends the directory")
        same = options["same_person"] or self._asks_whether_same(options)
        dpo = None if same else self._person(options, "dpo", "Who protects the data (DPO)")
        try:
            made = founding.found(house=house, administrator=administrator, dpo=dpo, why_same=same, by="command")
        except DirectoryError as error:
            raise CommandError(str(error)) from error
        except founding.AlreadyFounded as error:
            raise CommandError("An institution was made meanwhile: nothing was made here.") from error
        self._say(made, mail=not options["no_mail"])

    def _again(self, *, mail: bool) -> None:
        try:
            made = founding.invite_again(by="command")
        except DirectoryError as error:
            raise CommandError(str(error)) from error
        self._say(made, mail=mail)

    def _asks_whether_same(self, options: dict[str, Any]) -> str:
        if options["dpo_email"] or not sys.stdin.isatty():
            return ""
        return input("Is she also the DPO? Leave empty if somebody else is, or say why in a sentence: ").strip()

    def _person(self, options: dict[str, Any], who: str, label: str) -> Post:
        told: dict[str, Any] = {
            field: self._told(options, f"{who}_{field}", f"{label}: {text.lower()}") for field, text in PERSON.items()
        }
        return Post(
            **told,
            role=options[f"{who}_role"],
            job_title=options[f"{who}_job"],
        )

    def _told(self, options: dict[str, Any], name: str, label: str) -> str:
        """From the arguments, or asked where somebody is at the keyboard. Raises CommandError otherwise."""
        if options[name] is not None:
            return str(options[name])
        if name in OPTIONAL and not sys.stdin.isatty():
            return ""
        if not sys.stdin.isatty():
            raise CommandError(f"--{name.replace('_', '-')} is missing.")
        return input(f"{label}: ").strip()

    def _say(self, made: founding.Founded, *, mail: bool) -> None:
        self.stdout.write(
            f"\n{made.institution.name} is made. Nobody can sign in yet: these invitations are to be accepted.\n"
        )
        for invitation, secret in made.invitations:
            sent = mail and letters.send_invitation(invitation, secret)
            how = "a letter left to" if sent else "no letter left: hand this link over, to her alone,"
            self.stdout.write(
                f"\n  {invitation.full_name} ({', '.join(invitation.functions)}), {how} {invitation.email}"
            )
            self.stdout.write(f"    {letters.link(secret)}")
        self.stdout.write(NEXT)
