// The queues. Standard, without keys: whoever sends or receives does so by identity. Private endpoints and address rules exist for
// Premium only, at about seventy times the price; messages carry ids and never personal data, so the namespace stays reachable
// from the public network, by identity, also where privateNetworking is on.
//
// No duplicate detection: a dead letter is replayed under its own id, and the broker would swallow it.
param name string
param location string
param tags object
param queueNames string[]

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }
}

resource queues 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [for queue in queueNames: {
  parent: namespace
  name: queue
  properties: {
    // Handlers take seconds. A lock that runs out makes a second run, so it is far longer; the host renews it for five minutes.
    lockDuration: 'PT1M'
    // Deliveries also count when an instance is shut down under a message, so ten failures are fewer real ones.
    maxDeliveryCount: 10
    defaultMessageTimeToLive: 'P14D'
    deadLetteringOnMessageExpiration: true
    requiresDuplicateDetection: false
    requiresSession: false
    maxSizeInMegabytes: 1024
  }
}]

output name string = namespace.name

// The host's name alone, of https://name.servicebus.windows.net:443/, as clients want it.
output endpoint string = split(replace(namespace.properties.serviceBusEndpoint, 'https://', ''), ':')[0]
