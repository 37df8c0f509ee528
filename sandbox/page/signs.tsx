/** Small pictures: avatars and icons, drawn inline so that nothing is loaded from elsewhere. */
import type { ReactNode } from 'react'

export function Avatar({ name, app }: { name: string; app: boolean }): ReactNode {
  if (app) return <LensSign className="avatar avatar--app" />
  const shade = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 5
  return (
    <span className={`avatar avatar--${shade}`} aria-hidden="true">
      {name.slice(0, 1).toUpperCase()}
    </span>
  )
}

export function LensSign({ className }: { className: string }): ReactNode {
  return (
    <span className={className} aria-hidden="true">
      <svg viewBox="0 0 36 36" role="presentation">
        <rect width="36" height="36" rx="8" fill="#1b1f3b" />
        <circle cx="16" cy="16" r="8.5" fill="none" stroke="#7fd1ae" strokeWidth="3" />
        <path d="M22.5 22.5 29 29" stroke="#7fd1ae" strokeWidth="3.4" strokeLinecap="round" />
        <path
          d="M16 11.5v9M18.4 13.4c-.5-.9-1.4-1.2-2.4-1.2-1.300 0-2.300.7-2.300 1.800 0 2.700 5 1.200 5 4 0 1.200-1.100 1.900-2.600 1.900-1.200 0-2.200-.4-2.700-1.400"
          fill="none"
          stroke="#fff"
          strokeWidth="1.300"
          strokeLinecap="round"
        />
      </svg>
    </span>
  )
}
