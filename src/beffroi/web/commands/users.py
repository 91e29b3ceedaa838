from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date

from django.utils import timezone

from beffroi.accounts import actions, queries
from beffroi.accounts.enums import Role
from beffroi.accounts.models import Partner, User
from beffroi.core.refusals import Refused


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"« {text} » n’est pas une date (2026-03-31)") from error


def add_arguments(parser: ArgumentParser) -> None:
    acts = parser.add_subparsers(title="actes", metavar="ACTE", required=True, dest="act")
    acts.add_parser("list", help="liste les comptes").set_defaults(act=list_users)
    add = acts.add_parser("add", help="ouvre un compte ; la personne choisit son mot de passe par le courriel reçu")
    add.add_argument("email", metavar="COURRIEL")
    add.add_argument("--name", metavar="NOM", required=True, help="nom affiché")
    add_role_arguments(add, required=False)
    add.set_defaults(act=add_user)
    role = acts.add_parser("role", help="donne un rôle, ou le termine avec --until")
    role.add_argument("email", metavar="COURRIEL")
    add_role_arguments(role, required=True)
    role.add_argument("--until", type=day, metavar="DATE", help="dernier jour du rôle")
    role.set_defaults(act=change_role)
    close = acts.add_parser("deactivate", help="ferme un compte")
    close.add_argument("email", metavar="COURRIEL")
    close.set_defaults(act=close_account)


def add_role_arguments(parser: ArgumentParser, *, required: bool) -> None:
    parser.add_argument("--partner", metavar="CODE", required=required, help="code du partenaire ; créé avec --partner-name")
    parser.add_argument("--partner-name", metavar="NOM", help="nom du partenaire, s’il est nouveau")
    parser.add_argument("--role", choices=[str(role) for role in Role], required=required, metavar="RÔLE", help=", ".join(Role))
    parser.add_argument("--since", type=day, metavar="DATE", help="premier jour du rôle (aujourd’hui)")


def run(arguments: Namespace) -> int:
    arguments.act(arguments)
    return 0


def list_users(arguments: Namespace) -> None:
    for user in queries.people():
        roles = ", ".join(f"{one.role}@{one.partner.code}" for one in user.present) or "-"  # type: ignore[attr-defined]
        print(f"{user.email}\t{user.name}\t{'ouvert' if user.is_active else 'fermé'}\t{roles}")


def add_user(arguments: Namespace) -> None:
    if bool(arguments.partner) != bool(arguments.role):
        raise Refused("beffroi users add : --partner et --role vont ensemble.")
    partner = partner_of(arguments) if arguments.partner else None
    user = actions.add_user(arguments.email, name=arguments.name, by=None)
    if partner:
        give_role(user, partner, arguments)
    print(f"Compte ouvert : {user.email}. L’invitation à choisir un mot de passe part par courriel.")


def change_role(arguments: Namespace) -> None:
    user, partner = user_of(arguments.email), partner_of(arguments)
    if arguments.until is None:
        give_role(user, partner, arguments)
        print(f"Rôle donné : {arguments.role}, {partner.name}.")
        return
    membership = user.memberships.current().filter(partner=partner, role=arguments.role).first()
    if membership is None:
        raise Refused(f"{user.email} n’a pas ce rôle chez {partner.name}.")
    if arguments.until < membership.since:
        raise Refused(f"--until : ce rôle a commencé le {membership.since.isoformat()}, il ne finit pas avant.")
    actions.end_role(membership, until=arguments.until, by=None)
    print(f"Rôle terminé : {arguments.role}, {partner.name}.")


def close_account(arguments: Namespace) -> None:
    user = actions.close_account(user_of(arguments.email), by=None)
    print(f"Compte fermé : {user.email}.")


def give_role(user: User, partner: Partner, arguments: Namespace) -> None:
    actions.give_role(user, partner=partner, role=Role(arguments.role), since=arguments.since or timezone.localdate(), by=None)


def user_of(email: str) -> User:
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        raise Refused(f"Aucun compte ne porte l’adresse {email}.")
    return user


def partner_of(arguments: Namespace) -> Partner:
    if arguments.partner_name:
        return Partner.objects.get_or_create(code=arguments.partner, defaults={"name": arguments.partner_name})[0]
    partner = Partner.objects.filter(code=arguments.partner).first()
    if partner is None:
        known = ", ".join(Partner.objects.values_list("code", flat=True)) or "aucun"
        raise Refused(f"Aucun partenaire « {arguments.partner} » (connus : {known}). Un nouveau se crée avec --partner-name.")
    return partner
