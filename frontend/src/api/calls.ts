import type { paths } from './schema'

/**
 * What the API can be asked, read from the generated `paths`: a path, its parameters and its answer belong together.
 * A path is written below `/api/v1/` with a number in the place of every parameter: `datasets/${dataset}/slices`.
 *
 * What is left to trust, because the schema cannot say it:
 * - the result of a job and the report of an auto-curate run, whose shapes are their kinds': `asImport`, `asExport`,
 *   `BroughtPredictions` and the pages of curate/autocurate name what they expect;
 * - `current` of a problem 412, which is a task where a task was saved (label/autosave.ts);
 * - what a file field of a form holds, and the bytes of a part (upload.ts: XMLHttpRequest, as it tells the progress);
 * - `thumb`, `file`, `crop`, `link` and `download`, whole addresses that the server has written.
 */

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

type Written<Path> = Path extends `/api/v1/${infer Below}` ? Filled<Below> : never
type Filled<Path extends string> = Path extends `${infer Before}{${string}}${infer After}`
  ? `${Before}${number}${Filled<After>}`
  : Path

/** The operations of a method, by their paths as they are written. */
type Operations<M extends Method> = {
  [P in keyof paths as undefined extends paths[P][M] ? never : Written<P>]: paths[P][M]
}
/** One for each method, so that a call looks into a table that is made already. */
type Table = { [M in Method]: Operations<M> }

export type Path<M extends Method> = keyof Table[M] & string
type Operation<M extends Method, P extends Path<M>> = Table[M][P]

/** Of the parameters `query`, `header`: an empty object where the operation has none. */
type Parameters<Op, In extends 'query' | 'header'> = Op extends { parameters: infer All }
  ? In extends keyof All
    ? [NonNullable<All[In]>] extends [never]
      ? object
      : NonNullable<All[In]>
    : object
  : object

/** What is null or an empty string is not sent; a required parameter cannot be left out like that. */
type Unset<Query> = {
  [Name in keyof Query]: undefined extends Query[Name] ? Query[Name] | null | '' : Query[Name]
}
export type Query<M extends Method, P extends Path<M>> = Unset<Parameters<Operation<M, P>, 'query'>>
export type Headers<M extends Method, P extends Path<M>> = Parameters<Operation<M, P>, 'header'>

type Content<Op> = Op extends { requestBody?: { content: infer Types } } ? Types : never
type Sent<Op, Type extends string> =
  Content<Op> extends infer Types ? (Types extends { [T in Type]: infer Body } ? Body : never) : never
/** What is only sent may as well be read-only. */
type Lent<Value> = unknown extends Value ? Value : { readonly [Key in keyof Value]: Lent<Value[Key]> }
/** What is sent as JSON; `undefined` where the operation takes nothing. */
export type Body<M extends Method, P extends Path<M>> = [Sent<Operation<M, P>, 'application/json'>] extends [
  never,
]
  ? undefined
  : Lent<Sent<Operation<M, P>, 'application/json'>>

/** The paths that take bytes as they are. */
export type BytesPath = {
  [P in Path<'put'>]: [Sent<Operation<'put', P>, 'application/octet-stream'>] extends [never] ? never : P
}[Path<'put'>]
/** The paths that take a form, and its fields; a file is a text in the schema. */
export type Form<P extends Path<'post'>> = {
  [Name in keyof FormFields<P>]: string extends FormFields<P>[Name] ? string | Blob : FormFields<P>[Name]
}
type FormFields<P extends Path<'post'>> = Sent<Operation<'post', P>, 'multipart/form-data'>

type Said<Answers> = Answers extends { content: { 'application/json': infer Said } }
  ? Said
  : Answers extends { content?: never }
    ? undefined
    : never
/** What comes back when all went well: JSON, or nothing. */
export type Answer<M extends Method, P extends Path<M>> =
  Operation<M, P> extends infer Op
    ? Op extends { responses: infer All }
      ? Said<All[keyof All & (200 | 201 | 202 | 204)]>
      : never
    : never

/** Given has no other names than those allowed, also where it is not written out on the spot. */
export type Only<Given, Allowed> = Given & { [Name in Exclude<keyof Given, keyof Allowed>]: never }
