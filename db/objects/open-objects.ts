/**
 * Opens the object store that a URL names: `file:///folder`, or
 * `s3://bucket/prefix?endpoint=https://host&region=eu-central-1&path_style=true`, where all but the bucket may be left out.
 */
import { fileURLToPath } from 'node:url'
import { openFolder } from './folder.ts'
import type { ObjectStore } from './object-store.ts'
import { openS3, type S3Credentials, type S3Location } from './s3.ts'

const EXPECTED =
  'expected file:///folder or s3://bucket/prefix?endpoint=https://host&region=eu-central-1&path_style=true'

/** Opens without connecting. Throws an error with the code `objects_url_invalid`, which never quotes the URL. */
export function openObjects(url: string, credentials?: S3Credentials): ObjectStore {
  const parsed = URL.canParse(url) ? new URL(url) : refuse('it is not a URL')
  switch (parsed.protocol) {
    case 'file:':
      if (parsed.host !== '' || parsed.search !== '') refuse('a folder has no host and no settings')
      return openFolder(fileURLToPath(parsed))
    case 's3:':
      return openS3(s3LocationOf(parsed), credentials)
    default:
      return refuse(`its scheme is ${parsed.protocol.slice(0, -1)}`)
  }
}

const SETTINGS = new Set(['endpoint', 'region', 'path_style'])

function s3LocationOf(url: URL): S3Location {
  if (url.username !== '' || url.password !== '') refuse('it holds credentials; give them beside it')
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(url.host)) refuse('its host is not the name of a bucket')
  const unknown = [...url.searchParams.keys()].find((name) => !SETTINGS.has(name))
  if (unknown !== undefined) refuse(`it has the unknown setting ${unknown}`)
  const endpoint = url.searchParams.get('endpoint')
  if (endpoint !== null && !/^https?:\/\/[^@]+$/.test(endpoint))
    refuse('its endpoint is not an http or https URL')
  const pathStyle = url.searchParams.get('path_style') ?? 'false'
  if (pathStyle !== 'true' && pathStyle !== 'false') refuse('its path_style is neither true nor false')
  const folder = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '')
  return {
    bucket: url.host,
    prefix: folder === '' ? '' : `${folder}/`,
    endpoint,
    region: url.searchParams.get('region') ?? 'us-east-1',
    pathStyle: pathStyle === 'true',
  }
}

function refuse(reason: string): never {
  throw Object.assign(new Error(`the URL of the object store cannot be used: ${reason}; ${EXPECTED}`), {
    code: 'objects_url_invalid',
  })
}
