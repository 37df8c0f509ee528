/** What Slack would refuse in a manifest of version 2: unknown keys, and everything beyond a limit. Pure, for the tests. */
type Check = (value: unknown, path: string) => string[]

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const object =
  (known: Record<string, Check>, required: readonly string[] = []): Check =>
  (value, path) => {
    if (!isObject(value)) return [`${path} is no object`]
    const unknown = Object.keys(value).filter((key) => !Object.hasOwn(known, key))
    return [
      ...unknown.map((key) => `${path}/${key} is unknown`),
      ...required.filter((key) => !(key in value)).map((key) => `${path}/${key} is missing`),
      ...Object.entries(known).flatMap(([key, check]) =>
        key in value ? check(value[key], `${path}/${key}`) : [],
      ),
    ]
  }

const text =
  (charsMin: number, charsMax: number, form = /^/): Check =>
  (value, path) => {
    if (typeof value !== 'string') return [`${path} is no text`]
    const fits = value.length >= charsMin && value.length <= charsMax
    return fits && form.test(value)
      ? []
      : [`${path} must have ${charsMin} to ${charsMax} characters and its form`]
  }

const list =
  (each: Check, max: number): Check =>
  (value, path) => {
    if (!Array.isArray(value)) return [`${path} is no list`]
    const many = value.length > max ? [`${path} has ${value.length}: at most ${max}`] : []
    return [...many, ...value.flatMap((one, index) => each(one, `${path}/${index}`))]
  }

const flag: Check = (value, path) => (typeof value === 'boolean' ? [] : [`${path} is neither true nor false`])
const url = text(1, 3000, /^https:\/\/[^/]+/)
const scopes = list(text(1, 100, /^[a-z.:]+$/), 255)

const command = object(
  {
    command: text(2, 32, /^\/[a-z0-9_-]+$/),
    url,
    description: text(1, 2000),
    usage_hint: text(1, 1000),
    should_escape: flag,
  },
  ['command', 'description'],
)
const shortcut = object(
  {
    name: text(1, 24),
    type: text(1, 10, /^(?:message|global)$/),
    callback_id: text(1, 255),
    description: text(1, 150),
  },
  ['name', 'type', 'callback_id', 'description'],
)

const manifest = object(
  {
    _metadata: object({
      major_version: (value, path) => (value === 2 ? [] : [`${path} is not 2`]),
      minor_version: () => [],
    }),
    display_information: object(
      {
        name: text(1, 35),
        description: text(1, 140),
        long_description: text(175, 4000),
        background_color: text(4, 7, /^#(?:[0-9a-f]{3}){1,2}$/i),
      },
      ['name'],
    ),
    features: object({
      app_home: object({
        home_tab_enabled: flag,
        messages_tab_enabled: flag,
        messages_tab_read_only_enabled: flag,
      }),
      bot_user: object({ display_name: text(1, 80), always_online: flag }, ['display_name']),
      slash_commands: list(command, 50),
      shortcuts: list(shortcut, 10),
      unfurl_domains: list(text(1, 255), 5),
      agent_view: () => [],
    }),
    oauth_config: object({
      redirect_urls: list(url, 1000),
      scopes: object({ bot: scopes, user: scopes, bot_optional: scopes, user_optional: scopes }),
      token_management_enabled: flag,
      pkce_enabled: flag,
    }),
    settings: object({
      allowed_ip_address_ranges: list(text(1, 50), 10),
      event_subscriptions: object({
        request_url: url,
        bot_events: list(text(1, 100), 100),
        user_events: list(text(1, 100), 100),
      }),
      interactivity: object({ is_enabled: flag, request_url: url, message_menu_options_url: url }, [
        'is_enabled',
      ]),
      org_deploy_enabled: flag,
      socket_mode_enabled: flag,
      token_rotation_enabled: flag,
    }),
  },
  ['display_information'],
)

export const manifestProblems = (value: unknown): string[] => manifest(value, '')
