/** How a class looks; a class that is gone is grey and has its number for a name. */
export type ClassLook = { readonly name: string; readonly colour: string }
export type Classes = ReadonlyMap<number, ClassLook>

export const classLook = (classes: Classes, id: number): ClassLook =>
  classes.get(id) ?? { name: `#${id}`, colour: '#9a9a96' }
