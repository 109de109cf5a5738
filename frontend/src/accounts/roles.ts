import type { Role, TokenRole } from '../api/types'

/** Roles from the least to the most that they may do. */
export const ROLES: Role[] = ['viewer', 'labeller', 'reviewer', 'manager', 'owner']

/** Whether a role may do what that role may; who has no role may nothing. The server has the last word. */
export function atLeast(role: Role | undefined, needed: Role): boolean {
  return role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(needed)
}

/** What a token that somebody of that role makes may be held to. */
export function rolesFor(role: Role | undefined): TokenRole[] {
  const roles: TokenRole[] = ROLES.filter((one) => atLeast(role, one))
  return atLeast(role, 'manager') ? ['predict', ...roles] : roles
}
