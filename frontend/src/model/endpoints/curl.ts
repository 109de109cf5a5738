/** How a script asks an endpoint for a picture's boxes. */
export function curlOf(origin: string, name: string, conf: number): string {
  return [
    `curl ${origin}/api/v1/endpoints/${name}/predict \\`,
    '  -H "Authorization: Bearer $HALFDAY_TOKEN" \\',
    `  -F file=@picture.jpg -F conf=${conf.toFixed(2)}`,
  ].join('\n')
}
